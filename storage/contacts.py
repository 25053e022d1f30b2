"""Names and phone numbers of customers: sealed one by one under each customer's own key, never staged in the clear."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from storage.customers import contact_place, key_owner
from storage.vault import DataKeyRow, Vault

BATCH = 1000


def publish_contacts(
    connection: psycopg.Connection, vault: Vault, rows: Sequence[Mapping[str, Any]], as_of: date
) -> tuple[int, int]:
    """Bind `number`, `name` and E.164 `phone` to the customers they belong to; a later delivery replaces an earlier.

    Part of the caller's transaction. Numbers that no customer has are counted and not kept: whom the bank does not
    know by its sample, it needs no phone number of. Returns their count, and how many phones several customers share.
    """
    bound = 0
    for start in range(0, len(rows), BATCH):
        bound += _publish_batch(connection, vault, rows[start : start + BATCH], as_of)
    shared = connection.execute(
        "SELECT count(*) FROM (SELECT FROM customer_contacts GROUP BY phone_index HAVING count(*) > 1)"
    ).fetchone()
    return len(rows) - bound, shared[0] if shared else 0


def _publish_batch(connection: psycopg.Connection, vault: Vault, rows: Sequence[Mapping[str, Any]], as_of: date) -> int:
    numbers = [row["number"] for row in rows]
    found = connection.execute("SELECT number, id FROM customers WHERE number = ANY(%s)", [numbers]).fetchall()
    ids: dict[str, UUID] = dict(found)
    _ready_keys(connection, vault, [key_owner(customer) for customer in ids.values()])
    known = [(ids[row["number"]], row) for row in rows if row["number"] in ids]
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO customer_contacts AS kept VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (customer_id) DO UPDATE SET
               (name, phone, phone_index, as_of) = (excluded.name, excluded.phone, excluded.phone_index, excluded.as_of)
               WHERE kept.as_of <= excluded.as_of""",
            [_sealed(vault, customer, row, as_of) for customer, row in known],
        )
    return len(known)


def _sealed(
    vault: Vault, customer: UUID, row: Mapping[str, Any], as_of: date
) -> tuple[UUID, bytes, bytes, bytes, date]:
    owner = key_owner(customer)
    name = vault.seal(owner, contact_place("name", customer), row["name"])
    phone = vault.seal(owner, contact_place("phone", customer), row["phone"])
    return customer, name, phone, vault.index(row["phone"]), as_of


def _ready_keys(connection: psycopg.Connection, vault: Vault, owners: list[str]) -> None:
    """Load the data keys of these owners; make and store those that are missing."""
    query = "SELECT owner, key_name, wrapped FROM data_keys WHERE owner = ANY(%s)"
    stored = {
        owner: DataKeyRow(owner=owner, key_name=name, wrapped=wrapped)
        for owner, name, wrapped in connection.execute(query, [owners])
    }
    for row in stored.values():
        vault.unwrap(row)
    made = [vault.new_key(owner) for owner in owners if owner not in stored]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO data_keys (owner, key_name, wrapped) VALUES (%s, %s, %s)",
            [(row.owner, row.key_name, row.wrapped) for row in made],
        )
