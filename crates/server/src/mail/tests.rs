//! Letters as they leave the house.

use masthead_domain::user::EmailAddress;

use super::*;
