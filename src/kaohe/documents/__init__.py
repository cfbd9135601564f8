"""How it is told: a result in, a content value, then docx, PDF, HTML or a workbook out."""
