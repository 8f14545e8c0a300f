//! Behaviour that users rely on, through the public doors.
