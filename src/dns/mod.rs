//! Names → records and answers, and the search path of a client. Does not route.
