"""Packs 权益包: which vouchers, products and services a stage of life, a scene or a tier of enterprises gets."""
