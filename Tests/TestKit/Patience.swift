/// How many seconds a test waits for what has to happen.
///
/// Nothing that works takes as long, however busy the machine is: a wait that ends here has found a
/// fault. A test of the program's own deadlines has numbers of its own.
package let patienceSeconds: Double = 120
