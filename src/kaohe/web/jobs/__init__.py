"""Work that goes on while its owner does something else."""
