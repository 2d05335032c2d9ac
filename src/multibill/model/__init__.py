"""The model map: what each path of a record means. Generic; knows no document class."""

from __future__ import annotations

from multibill.model.instance import instance_of, many, said, told_apart
from multibill.model.map import Entry, ModelMap, model_map
from multibill.model.masked import Masked
from multibill.model.replace import replaced
from multibill.model.terms import SENSITIVE, Term, computed, envelope, fact, means, term
from multibill.model.text import label, language, optional_text, text

__all__ = [
    "Entry",
    "Masked",
    "ModelMap",
    "SENSITIVE",
    "Term",
    "computed",
    "envelope",
    "fact",
    "instance_of",
    "label",
    "language",
    "many",
    "means",
    "model_map",
    "optional_text",
    "replaced",
    "said",
    "term",
    "text",
    "told_apart",
]
