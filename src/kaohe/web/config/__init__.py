"""How a deployment is put together: configuration, settings, addresses."""
