"""Attachments: the one place that takes, keeps and serves files. Who may is decided by the views that call it."""
