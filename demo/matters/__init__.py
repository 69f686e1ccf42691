"""The matters the demo plays, by what they are about; each function sets one off and says where it will stand."""
