//! The simulated Cloudmore: speaks its wire, shares no code with the client.
