"""Who is who: reading of deliveries, features, classes and scores; frames in, frames out."""
