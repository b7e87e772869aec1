"""The course that the second edition's model goes through: image and language, video with an open tower, instruction."""
