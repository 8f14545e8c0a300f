//! The store on both databases: what is written comes back, lists page by keyset, and what is not public stays hidden.

mod fixture;
mod lists;
mod opening;
mod pages;
