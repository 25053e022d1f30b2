"""A test's database is as the migrations left it, whoever had it before."""

import psycopg
import pytest

from storage.private_postgres import PrivatePostgres
from tests.databases import fresh_database


def test_a_database_is_given_out_again_only_if_nothing_was_written(postgres: PrivatePostgres) -> None:
    with fresh_database(postgres) as read, psycopg.connect(read) as connection:
        connection.execute("SELECT count(*) FROM members")
    with fresh_database(postgres) as again:
        assert again == read
        with psycopg.connect(again) as connection:
            connection.execute("CREATE TABLE written (id int)")
            connection.rollback()
    with fresh_database(postgres) as after, psycopg.connect(after) as connection:
        assert after != read
        assert connection.execute("SELECT to_regclass('written')").fetchone() == (None,)


def test_who_is_still_connected_when_a_test_ends_is_cut_off(postgres: PrivatePostgres) -> None:
    with fresh_database(postgres) as url:
        left_open = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    left_open.close()
