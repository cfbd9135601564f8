"""The permission matrix: `docs/permissions.yaml`, walked and rendered."""
