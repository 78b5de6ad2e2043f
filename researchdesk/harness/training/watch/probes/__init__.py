"""Where torch is listened to. Each probe tells the session; none changes what torch computes."""
