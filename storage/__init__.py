"""The cellar: rows, stores, the delivery ledger, migrations; decides nothing."""
