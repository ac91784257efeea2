import Compute
import Delivery
package import Domain
import Evaluation
import Git
import Host
import Journal
import Registry
import Review
import Training
import Transfer
import Validation

/// Returns what an error of any stage means to the loop.
package func failure(of error: any Error) -> Failure {
    switch error {
    case let error as Failure: error
    case let error as NotesFailure: error.failure
    case let error as GitError: error.failure
    case let error as HostError: error.failure
    case let error as RegistryError: error.failure
    case let error as ReviewError: error.failure
    case let error as EvaluationError: error.failure
    case let error as ValidationError: error.failure
    case let error as PreparationError: error.failure
    case let error as ComputeError: error.failure
    case let error as TrainingError: error.failure
    case let error as DeliveryError: error.failure
    case let error as TransferError: error.failure
    case let error as JournalError: error.failure
    default: Failure("\(error)", .retry(afterSeconds: 30))
    }
}
