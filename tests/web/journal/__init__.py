"""The journal: appending, proofs, checkpoints, verification, and the auditor's pages."""
