"""Migrations expand first and contract later: in a rolling restart the code before one runs on the schema after it.

What contracts (drops, renames, narrows) lands in a release after the one whose code no longer wants it. Its file then
begins with django_migration_linter's `IgnoreMigration()`, and says why.
"""

import json

# Landed before there was a release, and harmless by what the linter cannot know.
HARMLESS = {
    "accounts.0002_files": "the one row of settings is there: older code adds no other",
    "accounts.0003_embedding": "the one row of settings is there: older code adds no other",
    "tickets.0003_replies": "unique over a new column, which older code leaves empty",
}
LINT = """
import json
from django_migration_linter import MigrationLinter
found = {}
linter = MigrationLinter(no_output=True)
for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
    if app in ("accounts", "devices", "tickets", "chat"):
        linter.reset_counters()
        linter.lint_migration(migration)
        found[f"{app}.{name}"] = linter.has_errors
print(json.dumps(found))
"""
JUDGE = """
import json
from django.db import connection, models
from django.db.migrations import AddField, AlterField, CreateModel, DeleteModel, RemoveField, RenameField, RenameModel
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

def is_refused(operation):
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("devices", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("devices", editor, before, after)
    errors, _ignored, _warnings = analyse_sql_statements(
        get_sql_analyser_class(connection.settings_dict["ENGINE"]), editor.collected_sql, [])
    return bool(errors)

print(json.dumps({
    "wanted": is_refused(AddField("device", "x", models.IntegerField(default=1))),
    "narrowed": is_refused(AlterField("device", "name", models.CharField(max_length=3))),
    "removed": is_refused(RemoveField("device", "name")),
    "renamed": is_refused(RenameField("device", "name", "title")),
    "dropped": is_refused(DeleteModel("LaunchLink")),
    "moved": is_refused(RenameModel("Device", "Computer")),
    "optional": is_refused(AddField("device", "x", models.IntegerField(null=True))),
    "given by the database": is_refused(AddField("device", "x", models.IntegerField(db_default=1))),
    "new": is_refused(CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])),
}))
"""


def test_no_migration_takes_anything_from_the_code_before_it(stack):
    refused = json.loads(stack.arrange(LINT))
    assert len(refused) > len(HARMLESS)
    assert {name for name, is_refused in refused.items() if is_refused} == set(HARMLESS)


def test_what_would_take_something_is_noticed(stack):
    refused = json.loads(stack.arrange(JUDGE))
    noticed = {name for name, is_refused in refused.items() if is_refused}
    assert noticed == {"wanted", "narrowed", "removed", "renamed", "dropped", "moved"}
