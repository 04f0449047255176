//! Black-box tests: the real app on a real socket, one module per feature.

mod smoke;
