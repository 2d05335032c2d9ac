"""The font files of the PDF, their licence, and the script that cut them. Nothing here runs when a PDF is made.

Noto Sans, Regular and Bold, under the SIL Open Font License 1.1 (see OFL.txt). ``latin`` is loaded for every
document, ``wide`` only where a text needs it: Greek, Cyrillic, Vietnamese and the rest of the Latin alphabet.
"""
