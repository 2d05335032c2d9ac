"""The tests mirror src/multibill; what no room owns stands in folders of its own (see CONTRIBUTING.md)."""
