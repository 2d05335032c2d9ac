"""For hosts and adapter authors: strategies that draw multibill's values. Production code imports nothing from here."""
