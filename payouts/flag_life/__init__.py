"""The life of a flag: told, asked, explained or escalated, and closed by money or by a reason."""
