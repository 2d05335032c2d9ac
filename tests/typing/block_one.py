"""The first contract of the design: read by the type checkers, run by tests/design."""

from __future__ import annotations

from datetime import date

from multibill import Actor, Address, Billing, Customer, Line, Party, Seller, Terms, presets

# pyright: reportUnusedExpression=false
# ruff: noqa: B018, E501
# fmt: off
# --- the snippet, as written
billing = Billing.open("sqlite:///agency.db", policy=presets.agency())     # an application: Billing(engine, ...), AsyncBilling(async_engine, ...)
billing.migrate()                                                          # explicit, never on import or start
studio = Party(name="Studio SARL", siren="123456782", vat_id="FR11123456782", legal="SARL, capital 10 000 EUR, RCS Paris",
               address=Address("12 rue Oberkampf", "75011", "Paris", "FR"))
billing.provision("t42", by=Actor.service("setup"), sellers=[Seller("studio", studio, timezone="Europe/Paris",
                  terms=Terms(days=30), series={"invoice": "F{year}-{n:05}", "credit_note": "A{year}-{n:05}"})])

ann = billing.workspace("t42", actor=Actor("ann", roles={"sales"}, teams={"web"}))
bob = billing.workspace("t42", actor=Actor("bob", roles={"manager"}))
ann.customers.save(Customer("acme", Party(name="Acme SAS", siren="987654324", vat_id="FR14987654324",
                                          address=Address("3 cours Lafayette", "69003", "Lyon", "FR"))))
draft = ann.invoices.draft(seller="studio", buyer="acme", key="2026-11:acme",          # same key, same draft
                           lines=[Line(name="Logo design", quantity=3, unit="DAY", unit_price="450", vat="20")])
draft = ann.invoices.submit(draft)
draft = bob.invoices.approve(draft)                            # ann could not: four eyes
invoice = bob.invoices.issue(draft)                            # number, freeze, journal entry: one transaction
invoice.number, invoice.totals.payable                         # ('F2026-00001', Money('1620.00', 'EUR'))
bob.invoices.pdf(invoice).save("F2026-00001.pdf")              # .facturx(...) likewise; the same bytes every time
bob.payments.record("acme", "1620.00", on=date(2026, 12, 20), settles=[invoice], request_id="bank:8841")
credit = bob.invoices.credit(invoice, lines={invoice.lines[0].id: 1}, reason="one day less")    # a draft CreditNote
