"""The VAT rates of each country as text: percent, name, first day, last day, source. Read by ``rates``; no logic here.

A name is a level (standard, intermediate, reduced, second reduced, super reduced, parking, zero) or what a measure is
limited to. Rows that begin on 2014-01-01 may be older; COVERED says from when on a country's list is complete.
"""

from __future__ import annotations

from datetime import date

AT = """
20   | standard            | 1984-01-01 |            | UStG 1994 § 10 Abs. 1
13   | intermediate        | 2016-01-01 |            | UStG 1994 § 10 Abs. 3; StRefG 2015/2016
13   | parking             | 2016-01-01 |            | UStG 1994 § 10 Abs. 3; StRefG 2015/2016
12   | parking             | 2014-01-01 | 2015-12-31 | UStG 1994 § 10 Abs. 3 before StRefG 2015/2016
10   | reduced             | 2014-01-01 |            | UStG 1994 § 10 Abs. 2
5    | hospitality, arts   | 2020-07-01 | 2021-12-31 | UStG 1994 § 28 Abs. 52; BGBl. I 60/2020
4.9  | basic food          | 2026-07-01 |            | UStG 1994 § 10, as amended for 2026-07-01
0    | zero                | 2024-01-01 | 2025-12-31 | UStG 1994 § 28 Abs. 62, 63 (solar panels)
"""

AT_BORDER = """
19   | standard            | 1984-01-01 |            | UStG 1994 § 10 Abs. 4 (Jungholz, Mittelberg)
"""

BE = """
21   | standard            | 1996-01-01 |            | A.R. n° 20, art. 1
12   | intermediate        | 2014-01-01 |            | A.R. n° 20, art. 1, tableau B
12   | parking             | 2014-01-01 |            | A.R. n° 20, art. 1, tableau B
6    | reduced             | 2014-01-01 |            | A.R. n° 20, art. 1, tableau A
6    | electricity         | 2022-03-01 |            | A.R. n° 20; A.R. 2022-03-23 (households)
6    | gas, heat           | 2022-04-01 |            | A.R. n° 20; A.R. 2022-03-23 (households)
0    | zero                | 2014-01-01 |            | VAT rates applied in the Member States, part V
"""

DE = """
19   | standard            | 2007-01-01 | 2020-06-30 | UStG § 12 Abs. 1
16   | standard            | 2020-07-01 | 2020-12-31 | UStG § 28 Abs. 1; Zweites Corona-Steuerhilfegesetz
19   | standard            | 2021-01-01 |            | UStG § 12 Abs. 1
7    | reduced             | 1983-07-01 | 2020-06-30 | UStG § 12 Abs. 2
5    | reduced             | 2020-07-01 | 2020-12-31 | UStG § 28 Abs. 2; Zweites Corona-Steuerhilfegesetz
7    | reduced             | 2021-01-01 |            | UStG § 12 Abs. 2
7    | restaurant meals    | 2021-01-01 | 2023-12-31 | UStG § 12 Abs. 2 Nr. 15
7    | restaurant meals    | 2026-01-01 |            | UStG § 12 Abs. 2 Nr. 15
7    | gas, heat           | 2022-10-01 | 2024-03-31 | UStG § 28 Abs. 5, 6; BGBl. I 2022 S. 1743
0    | zero                | 2023-01-01 |            | UStG § 12 Abs. 3; JStG 2022 (solar panels)
"""

ES = """
21   | standard            | 2012-09-01 |            | Ley 37/1992 art. 90
10   | reduced             | 2012-09-01 |            | Ley 37/1992 art. 91.Uno
4    | super reduced       | 1995-01-01 |            | Ley 37/1992 art. 91.Dos
4    | surgical masks      | 2020-11-19 | 2023-06-30 | RDL 34/2020 art. 7; RDL 20/2022
5    | electricity         | 2022-07-01 | 2023-12-31 | RDL 11/2022 art. 18; RDL 20/2022
10   | electricity         | 2024-01-01 | 2024-12-31 | RDL 8/2023
5    | gas, firewood       | 2022-10-01 | 2023-12-31 | RDL 17/2022 art. 5; RDL 20/2022 art. 1
10   | gas                 | 2024-01-01 | 2024-03-31 | RDL 8/2023
10   | firewood            | 2024-01-01 | 2024-06-30 | RDL 8/2023
5    | oils, pasta         | 2023-01-01 | 2024-09-30 | RDL 20/2022; RDL 8/2023; RDL 4/2024
7.5  | oils, pasta         | 2024-10-01 | 2024-12-31 | RDL 4/2024
0    | basic food          | 2023-01-01 | 2024-09-30 | RDL 20/2022; RDL 8/2023; RDL 4/2024
2    | basic food          | 2024-10-01 | 2024-12-31 | RDL 4/2024
0    | zero                | 2020-04-23 | 2022-06-30 | RDL 15/2020; RDL 34/2020; RDL 7/2021 (medical goods)
"""

FR = """
20   | standard            | 2014-01-01 |            | CGI art. 278; loi 2012-1510 art. 68
19.6 | standard            | 2000-04-01 | 2013-12-31 | loi 2000-656 art. 1
10   | intermediate        | 2014-01-01 |            | CGI art. 278 bis, 279; loi 2012-1510 art. 68
7    | intermediate        | 2012-01-01 | 2013-12-31 | loi 2011-1978 art. 13
5.5  | reduced             | 1982-07-01 |            | CGI art. 278-0 bis
2.1  | super reduced       | 1989-01-01 |            | CGI art. 281 quater to 298 septies
"""

CORSICA = """
13   | petroleum           | 2014-01-01 |            | CGI art. 297, I
10   | intermediate        | 2014-01-01 |            | CGI art. 297, I
2.1  | reduced             | 2014-01-01 |            | CGI art. 297, I
0.9  | super reduced       | 2014-01-01 |            | CGI art. 297, I
"""

OVERSEAS = """
8.5  | standard            | 2014-01-01 |            | CGI art. 294, 296
2.1  | reduced             | 2014-01-01 |            | CGI art. 294, 296
1.75 | super reduced       | 2014-01-01 |            | CGI art. 294, 296
1.05 | press               | 2014-01-01 |            | CGI art. 294, 296
"""

GB = """
20   | standard            | 2011-01-04 |            | VATA 1994 s. 2
5    | reduced             | 2014-01-01 |            | VATA 1994 s. 29A, sch. 7A
5    | hospitality         | 2020-07-15 | 2021-09-30 | VATA 1994 sch. 7A groups 14 to 16; SI 2020/728
12.5 | hospitality         | 2021-10-01 | 2022-03-31 | VATA 1994 sch. 7A groups 14 to 16; Finance Act 2021
0    | zero                | 2014-01-01 |            | VATA 1994 s. 30, sch. 8
"""

IE = """
23   | standard            | 2012-01-01 | 2020-08-31 | VATCA 2010 s. 46(1)(a)
21   | standard            | 2020-09-01 | 2021-02-28 | VATCA 2010 s. 46(1)(a), as amended in 2020
23   | standard            | 2021-03-01 |            | VATCA 2010 s. 46(1)(a)
13.5 | reduced             | 2003-01-01 |            | VATCA 2010 s. 46(1)(c)
13.5 | parking             | 2014-01-01 |            | VATCA 2010 s. 46(1)(c)
9    | second reduced      | 2011-07-01 |            | VATCA 2010 s. 46(1)(ca)
9    | hospitality         | 2011-07-01 | 2018-12-31 | VATCA 2010 s. 46(1)(ca)
9    | hospitality         | 2020-11-01 | 2023-08-31 | VATCA 2010 s. 46(1)(cb)
9    | food service        | 2026-07-01 |            | Budget 2026; Finance Act 2025 (catering, hairdressing)
9    | gas, electricity    | 2022-05-01 | 2030-12-31 | VATCA 2010 sch. 3 para. 17; Budget 2026
9    | apartments          | 2025-10-08 | 2030-12-31 | Budget 2026; Finance Act 2025
4.8  | super reduced       | 2014-01-01 |            | VATCA 2010 s. 46(1)(d) (livestock)
0    | zero                | 2014-01-01 |            | VATCA 2010 s. 46(1)(b), sch. 2
"""

IT = """
22   | standard            | 2013-10-01 |            | DPR 633/1972 art. 16
10   | reduced             | 2014-01-01 |            | DPR 633/1972 art. 16, tab. A parte III
5    | second reduced      | 2016-01-01 |            | DPR 633/1972 tab. A parte II-bis; L. 208/2015 art. 1 c. 960
4    | super reduced       | 2014-01-01 |            | DPR 633/1972 art. 16, tab. A parte II
"""

LU = """
15   | standard            | 1992-01-01 | 2014-12-31 | loi TVA 1979-02-12 art. 39
17   | standard            | 2015-01-01 | 2022-12-31 | loi TVA 1979-02-12 art. 39; loi 2014-12-19
16   | standard            | 2023-01-01 | 2023-12-31 | loi 2022-10-26 art. 1
17   | standard            | 2024-01-01 |            | loi TVA 1979-02-12 art. 39
12   | parking             | 2014-01-01 | 2014-12-31 | loi TVA 1979-02-12 art. 39
14   | parking             | 2015-01-01 | 2022-12-31 | loi TVA 1979-02-12 art. 39; loi 2014-12-19
13   | parking             | 2023-01-01 | 2023-12-31 | loi 2022-10-26 art. 1
14   | parking             | 2024-01-01 |            | loi TVA 1979-02-12 art. 39
6    | reduced             | 2014-01-01 | 2014-12-31 | loi TVA 1979-02-12 art. 39
8    | reduced             | 2015-01-01 | 2022-12-31 | loi TVA 1979-02-12 art. 39; loi 2014-12-19
7    | reduced             | 2023-01-01 | 2023-12-31 | loi 2022-10-26 art. 1
8    | reduced             | 2024-01-01 |            | loi TVA 1979-02-12 art. 39
3    | super reduced       | 2014-01-01 |            | loi TVA 1979-02-12 art. 39
"""

NL = """
21   | standard            | 2012-10-01 |            | Wet OB 1968 art. 9 lid 1
6    | reduced             | 2014-01-01 | 2018-12-31 | Wet OB 1968 art. 9 lid 2
9    | reduced             | 2019-01-01 |            | Wet OB 1968 art. 9 lid 2; Belastingplan 2019
9    | accommodation       | 2019-01-01 | 2025-12-31 | Wet OB 1968 tabel I
21   | accommodation       | 2026-01-01 |            | Wet OB 1968 art. 9 lid 1
0    | zero                | 2023-01-01 |            | Belastingplan 2023 (solar panels)
"""

PT = """
23   | standard            | 2011-01-01 |            | CIVA art. 18 n.º 1 c)
13   | intermediate        | 2014-01-01 |            | CIVA art. 18 n.º 1 b)
13   | parking             | 2014-01-01 |            | CIVA art. 18 n.º 1 b)
6    | reduced             | 2014-01-01 |            | CIVA art. 18 n.º 1 a)
0    | zero                | 2023-04-18 | 2024-01-04 | Lei 17/2023; Lei 60-A/2023 (basic food)
"""

AZORES = """
18   | standard            | 2014-01-01 | 2021-06-30 | CIVA art. 18 n.º 3; Lei 63-A/2015
16   | standard            | 2021-07-01 |            | DLR 15-A/2021/A
10   | intermediate        | 2014-01-01 | 2015-06-30 | CIVA art. 18 n.º 3 before Lei 63-A/2015
9    | intermediate        | 2015-07-01 |            | Lei 63-A/2015; DLR 15-A/2021/A
5    | reduced             | 2014-01-01 | 2015-06-30 | CIVA art. 18 n.º 3 before Lei 63-A/2015
4    | reduced             | 2015-07-01 |            | Lei 63-A/2015; DLR 15-A/2021/A
0    | zero                | 2023-04-18 | 2024-01-04 | Lei 17/2023; Lei 60-A/2023 (basic food)
"""

MADEIRA = """
22   | standard            | 2012-04-01 |            | CIVA art. 18 n.º 3; Lei 14-A/2012
12   | intermediate        | 2012-04-01 |            | CIVA art. 18 n.º 3; Lei 14-A/2012
5    | reduced             | 2012-04-01 | 2024-09-30 | CIVA art. 18 n.º 3; Lei 14-A/2012
4    | reduced             | 2024-10-01 |            | DLR 6/2024/M art. 21
0    | zero                | 2023-04-18 | 2024-01-04 | Lei 17/2023; Lei 60-A/2023 (basic food)
"""

TABLES = {
    "AT": AT,
    "AT-6691": AT_BORDER,
    "AT-6991": AT_BORDER,
    "BE": BE,
    "DE": DE,
    "ES": ES,
    "FR": FR,
    "FR-20R": CORSICA,
    "GB": GB,
    "GP": OVERSEAS,
    "IE": IE,
    "IT": IT,
    "LU": LU,
    "MQ": OVERSEAS,
    "NL": NL,
    "PT": PT,
    "PT-20": AZORES,
    "PT-30": MADEIRA,
    "RE": OVERSEAS,
}

BESIDE = {"FR-20R": "FR", "AT-6691": "AT", "AT-6991": "AT"}
"""Territories whose rates stand beside those of their country instead of replacing all of them."""

COVERED = {"FR": date(2000, 4, 1)}
"""From when on a list is complete, where that is not EVERYWHERE."""

EVERYWHERE = date(2014, 1, 1)

SURVEYED = date(2026, 7, 1)
"""The last day for which the lists were compared with their sources: later laws may have added a rate."""
