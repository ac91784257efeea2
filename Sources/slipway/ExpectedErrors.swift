import Compute
import Daemon
import Delivery
import Domain
import Evaluation
import Gateway
import Git
import Host
import Journal
import Registry
import Review
import Training
import Transfer
import Validation

/// Whether an error is one that a stage foresaw; any other is a mistake of ours.
func isExpected(_ error: any Error) -> Bool {
    switch error {
    case is Failure, is GitError, is HostError, is GatewayError, is DeliveryError, is JournalError,
        is ComputeError, is TrainingError, is EvaluationError, is RegistryError, is ReviewError,
        is TransferError, is ValidationError:
        true
    default: false
    }
}

/// What people see of any error.
func words(for error: any Error) -> Failure {
    if let error = error as? GatewayError { return error.failure }
    return Daemon.failure(of: error)
}
