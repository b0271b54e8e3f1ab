// BatchDefinition
