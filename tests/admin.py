"""What the tests of the admin share: who is signed in, and forms that are sent as a browser would send them."""

from tests.cast import cast, technician


def admin_desk(client, **options):
    """The cast, and Jun, an admin, who is signed in."""
    people = cast(**options)
    people.jun = technician("jun", name="Jun Park", is_staff=True, is_superuser=True)
    client.force_login(people.jun)
    return people


def announced(monkeypatch, *rooms):
    """What these rooms announce, as (group, type)."""
    heard = []
    for room in rooms:
        monkeypatch.setattr(room, "announce", lambda group, message: heard.append((group, message["type"])))
    return heard


def filled(client, address):
    """The form at an address, as it stands there."""
    page = client.get(address).context
    forms = [page["adminform"].form, *(inline.formset.management_form for inline in page["inline_admin_formsets"])]
    values = {field.html_name: field.value() for form in forms for field in form}
    told = [field for form in forms for field in form if field.field.show_hidden_initial]
    values |= {field.html_initial_name: shown(field.initial) for field in told}
    return {name: "on" if value is True else value for name, value in values.items() if value is not False}


def shown(initial):
    """As the form keeps what it showed; of a list, each in an input of its own."""
    return initial if isinstance(initial, list) else str("" if initial is None else initial)


def send(client, address, **changes):
    """The form with some fields changed; None leaves a field out, as an unticked box is left out."""
    fields = filled(client, address) | changes | {"_save": "Save"}
    return client.post(address, {name: value for name, value in fields.items() if value is not None})


def save(client, address, **changes):
    answer = send(client, address, **changes)
    assert answer.status_code == 302, answer.context["errors"]
