"""Templates: how documents look, with the bytes of their logos."""

from __future__ import annotations

from multibill.errors import InvalidValue
from multibill.ports import UnitOfWork
from multibill.records import Template
from multibill.workspace.desk import Call, Desk
from multibill.workspace.files import keep, kept, logo as image
from multibill.workspace.kinds import Kind
from multibill.workspace.linking import linked
from multibill.workspace.registers import Registers, may_save, put


class Templates(Registers[Template]):
    """The templates: ``ws.templates.save(Template("blue", colour="#1f4e79"), logo=data)``."""

    def save(
        self, entry: Template, *, logo: bytes | None = None, reason: str | None = None
    ) -> Template:
        """The template as it now stands.

        Args:
            logo: the bytes of a PNG or JPEG image of at most 1 MiB; without it the template keeps what ``entry`` names.

        Raises InvalidValue, Stale, Denied.
        """

        def case(uow: UnitOfWork) -> Template:
            saved = save(self._desk, uow, self._kind, entry, logo=logo, reason=reason)
            return linked(self._desk, uow, saved)

        return self._desk.written(case)

    def logo(self, id: str) -> bytes | None:
        """The bytes of a template's logo, None when it has none. Raises NotFound."""

        def case(uow: UnitOfWork) -> bytes | None:
            digest = self._get(uow, id).logo
            return None if digest is None else kept(uow, digest)

        return self._desk.read(case)


def save(
    desk: Desk,
    uow: UnitOfWork,
    kind: Kind,
    entry: Template,
    *,
    logo: bytes | None,
    reason: str | None = None,
) -> Template:
    """A template with its logo's bytes; a digest alone must be that of a logo that some template has."""
    may_save(desk, kind, entry)
    if logo is not None:
        entry = entry.evolve(logo=keep(uow, image(logo)))
    elif entry.logo is not None:
        known = {record.content.get("logo") for record in uow.records(kind.name)}
        if entry.logo not in known:
            raise InvalidValue(
                "give the bytes of the image: save(template, logo=...)", path="/logo"
            )
    return put(desk, uow, kind, entry, Call("save", reason))
