"""Publishing exactly once: the engine, its ports, and what people may do with a delivery."""
