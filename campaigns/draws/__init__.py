"""Draws (入群抽波豆, wheel): prizes by published odds, decided by a secret that was promised before and shown after."""
