"""The course that the model goes through: image and language, video with an open tower, instruction."""
