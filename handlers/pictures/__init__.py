"""Pictures for the chat: QR codes and cards with Chinese glyphs."""
