import ArgumentParser
import Logging

/// How much the processes that run for long say.
struct LogOption: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning or error.", transform: level)
    var logLevel = Logger.Level.info

    @Sendable private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError("`\(text)` is not a log level; `info` is one.")
        }
        return level
    }
}

/// A logger that writes to standard error.
func talkLogger(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "slipway") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
}
