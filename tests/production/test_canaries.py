"""What people say is in no program's log and in no name in Redis: neither ours nor what stands around us."""

import secrets
from uuid import uuid4

import psycopg
import pytest

from tests.production.people import contact, start_chat, technician


@pytest.fixture
def words():
    return [secrets.token_hex(8) for _ in range(3)]


def test_what_is_said_is_in_no_log_and_no_name_whatever_is_refused(stack, words):
    about, said, other = words
    ann, tina = contact(stack, "PC-1"), technician(stack, "tina")
    chat, key = start_chat(ann, tina, about), str(uuid4())
    before = len(stack.postgres.log)
    # A page that did not hear the answer says it again; one with other words is none of ours.
    posts = [ann.post_json(f"/agent/chats/{chat}/messages/", client_id=key, body=body) for body in (said, said, other)]
    assert [post.status for post in posts] == [200, 200, 409]
    assert "one_event_per_client_id" not in stack.postgres.log[before:]
    # Whatever else a rule of the database refuses, with the words in the statement and in the row.
    with pytest.raises(psycopg.errors.NotNullViolation):
        stack.query(f"UPDATE chat_chatevent SET side = NULL WHERE body = '{said}'")
    stack.until(lambda: 'null value in column "side"' in stack.postgres.log[before:])
    written = "".join(path.read_text(errors="replace") for path in stack.folder.glob("*.log"))
    names = repr([stack.in_redis("KEYS", "*"), stack.in_redis("PUBSUB", "CHANNELS")])
    assert [word for word in words if word in written + names] == []
