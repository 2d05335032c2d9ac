"""Reason codes of allowances (UNTDID 5189) and charges (UNTDID 7161), and what they are called. Data only.

Source: EN 16931 validation artefacts 1.3.16; names as UNTDID gives them, for charges those in common use.
"""

from __future__ import annotations

from collections.abc import Mapping

ALLOWANCE_NAMES = {
    "41": "Bonus for works ahead of schedule",
    "42": "Other bonus",
    "60": "Manufacturer's consumer discount",
    "62": "Due to military status",
    "63": "Due to work accident",
    "64": "Special agreement",
    "65": "Production error discount",
    "66": "New outlet discount",
    "67": "Sample discount",
    "68": "End-of-range discount",
    "70": "Incoterm discount",
    "71": "Point of sales threshold allowance",
    "88": "Material surcharge/deduction",
    "95": "Discount",
    "100": "Special rebate",
    "102": "Fixed long term",
    "103": "Temporary",
    "104": "Standard",
    "105": "Yearly turnover",
}
CHARGE_NAMES = {
    "AA": "Advertising",
    "AAA": "Telecommunication",
    "ABK": "Miscellaneous",
    "ABL": "Additional packaging",
    "ADR": "Other services",
    "FC": "Freight service",
    "FI": "Financing",
    "PC": "Packing",
}

ALLOWANCES = frozenset(ALLOWANCE_NAMES)
CHARGES_TEXT = """
AA AAA AAC AAD AAE AAF AAH AAI AAS AAT AAV AAY AAZ ABA ABB ABC ABD ABF ABK ABL ABN ABR ABS ABT ABU ACF ACG ACH ACI ACJ
ACK ACL ACM ACS ADC ADE ADJ ADK ADL ADM ADN ADO ADP ADQ ADR ADT ADW ADY ADZ AEA AEB AEC AED AEF AEH AEI AEJ AEK AEL
AEM AEN AEO AEP AES AET AEU AEV AEW AEX AEY AEZ AJ AU CA CAB CAD CAE CAF CAI CAJ CAK CAL CAM CAN CAO CAP CAQ CAR CAS
CAT CAU CAV CAW CAX CAY CAZ CD CG CS CT DAB DAD DAC DAF DAG DAH DAI DAJ DAK DAL DAM DAN DAO DAP DAQ DL EG EP ER FAA
FAB FAC FC FH FI GAA HAA HD HH IAA IAB ID IF IR IS KO L1 LA LAA LAB LF MAE MI ML NAA OA PA PAA PC PL PRV RAB RAC RAD
RAF RE RF RH RV SA SAA SAD SAE SAI SG SH SM SU TAB TAC TT TV V1 V2 WH XAA YY ZZZ
"""
CHARGES = frozenset(CHARGES_TEXT.split())


VAGUE = {"95", "102", "103", "104", "ABK", "ADR"}
"""Codes whose names fit nearly everything: such a word contradicts no other code."""

NAMES: Mapping[str, Mapping[str, str]] = {
    list: {name.casefold(): code for code, name in names.items() if code not in VAGUE}
    for list, names in (("allowances", ALLOWANCE_NAMES), ("charges", CHARGE_NAMES))
}
"""The code that bears a name, by list and name in lower case."""
