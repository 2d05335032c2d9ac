"""What a document is written to and read from: one folder a format, none imports another."""
