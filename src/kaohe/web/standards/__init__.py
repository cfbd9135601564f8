"""Standards as an authority holds them: version by version, read, compared, never changed once used."""
