"""The stamp card: what one visitor of a rally has collected, in the chat as a picture and in the Mini App."""
