"""Config: joins the rooms; imports all, is imported by none."""
