//! Clock, event queue, seed, actions, history.
