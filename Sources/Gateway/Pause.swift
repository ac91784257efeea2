import Dispatch

/// Lets time pass, even in a task that was cancelled: what is being stopped is given its time.
package func pause(milliseconds: Int) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            continuation.resume()
        }
    }
}
