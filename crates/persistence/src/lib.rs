//! Where it is kept: the only crate that names the ORM.
