package city.canopy.core.ingest.mqtt;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Shows the door every socket of an MQTT server as it is accepted. {@code MqttServer} hands out a client only after its
 * CONNECT and hides its socket, so connections that say nothing could neither be counted nor ended, and none could be
 * paused. It makes its listening socket by {@link Vertx#createNetServer}; here that one call is listened in on. Uses
 * internal interfaces of Vert.x 5.2, and nothing else in the service does but {@link Gate} and {@link Wire}.
 */
final class Interception {
    private Interception() {}

    /** What is told of each socket, on its event loop, after the server has set up its pipeline. */
    interface Accepted {
        void accepted(NetSocketInternal socket);
    }

    /** The same Vert.x, but the connect handlers of its TCP servers are followed by {@code accepted}. */
    static Vertx of(Vertx vertx, Accepted accepted) {
        return proxy(VertxInternal.class, (proxy, method, arguments) -> {
            Object result = call(vertx, method, arguments);
            return result instanceof NetServer server ? of(server, accepted) : result;
        });
    }

    private static NetServer of(NetServer server, Accepted accepted) {
        return proxy(NetServer.class, (proxy, method, arguments) -> {
            if (method.getName().equals("connectHandler") && arguments != null) {
                @SuppressWarnings("unchecked")
                Handler<NetSocket> handler = (Handler<NetSocket>) arguments[0];
                server.connectHandler(socket -> {
                    handler.handle(socket);
                    accepted.accepted((NetSocketInternal) socket);
                });
                return proxy;
            }
            return call(server, method, arguments);
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
