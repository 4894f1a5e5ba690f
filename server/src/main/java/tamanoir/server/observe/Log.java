package tamanoir.server.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import tamanoir.server.config.Config;
import tamanoir.server.config.NetParameters;

/// The log of the process, from its start to its close: standard output or a file (maillog_file), lines of at least
/// one level (log_level). Closing it writes what is still waiting.
public final class Log implements AutoCloseable {
    /// Libraries have nothing to say that an administrator should read every day.
    private static final Level LIBRARIES = Level.WARN;

    private final LoggerContext context;
    private final LineAppender appender;

    private Log(LoggerContext context, LineAppender appender) {
        this.context = context;
        this.appender = appender;
    }

    /// @throws IOException when the file cannot be written
    public static Log start(Config config) throws IOException {
        return start(
                config.get(NetParameters.MAILLOG_FILE).filter(file -> !file.equals(Path.of("/dev/stdout"))),
                config.get(NetParameters.LOG_LEVEL));
    }

    /// An empty `file` is standard output.
    ///
    /// @throws IOException when the file cannot be written
    static Log start(Optional<Path> file, NetParameters.LogLevel level) throws IOException {
        LogSink sink = file.isPresent() ? new LogSink.LogFile(file.get()) : LogSink.Console.out();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LineAppender appender = new LineAppender(sink);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(LIBRARIES);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        Log log = new Log(context, appender);
        log.level(level);
        return log;
    }

    /// From now on, lines of at least this level.
    public void level(NetParameters.LogLevel level) {
        context.getLogger(Trace.LOGGER)
                .setLevel(
                        switch (level) {
                            case ERROR -> Level.ERROR;
                            case WARN -> Level.WARN;
                            case INFO -> Level.INFO;
                            case DEBUG -> Level.DEBUG;
                        });
    }

    /// Writes what is waiting; what is logged later is lost, apart from warnings and errors, which go to standard
    /// error.
    @Override
    public void close() {
        appender.stop();
        context.reset();
        new LogConfigurator().configure(context);
    }
}
