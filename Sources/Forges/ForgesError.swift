/// Why a forge cannot be spoken to, or what it answered cannot be read.
package enum ForgesError: Error, Hashable, Sendable {
    /// Not an `http` or `https` address without user, query and fragment.
    case addressWrong(String)
    /// Not `owner/name`; GitLab: not a path or number either.
    case projectWrong(String)
    /// Empty, or with characters that no header may have.
    case tokenWrong
    /// Not a key: empty, or `whsec_` without base64 after it.
    case signingKeyWrong
    /// The forge answered something else than the JSON that its documentation promises.
    case answerUnreadable(asked: String, detail: String)
    /// More pages than are read.
    case answerEndless(asked: String, pages: Int)
}
