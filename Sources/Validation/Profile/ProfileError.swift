/// Why a stored profile cannot be used.
package enum ProfileError: Error, Equatable {
    case notAProfile
    case version(Int)
    case damagedColumn(String)
    case damagedSample
    case otherColumns
}
