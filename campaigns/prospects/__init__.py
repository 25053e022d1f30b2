"""Interested people (意向客户) whom publicists know, recorded with their own consent."""
