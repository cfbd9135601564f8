"""The web door: each page, each promise, on SQLite and on PostgreSQL (`KAOHE_TEST_DATABASE=postgresql`)."""
