package io.idempotency.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between two processes of this machine: bytes pass as the weather lets them.
 */
final class LoopbackProxy implements Closeable {

	private final ServerSocket server;

	private final Weather weather = new Weather();

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private volatile int target;

	LoopbackProxy(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Threads.start("proxy", this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	Weather weather() {
		return this.weather;
	}

	/** Leads to another port from now on. Connections to the former one are reset. */
	void lead(int newTarget) {
		this.target = newTarget;
		reset();
	}

	/** Resets all connections. */
	void reset() {
		this.links.forEach(Link::reset);
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Link link = new Link(this.server.accept());
				this.links.add(link);
				Threads.start("proxy", link::open);
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.weather.clear();
		reset();
	}

	/** One connection and its continuation. */
	private final class Link {

		private final Socket near;

		private final Socket far = new Socket();

		Link(Socket near) {
			this.near = near;
		}

		void open() {
			try {
				LoopbackProxy.this.weather.await();
				this.far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackProxy.this.target));
				this.near.setTcpNoDelay(true);
				this.far.setTcpNoDelay(true);
				Threads.start("proxy", () -> pump(this.far, this.near, true));
				pump(this.near, this.far, false);
			}
			catch (IOException ex) {
				reset();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private void pump(Socket from, Socket to, boolean replies) {
			byte[] buffer = new byte[65536];
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
					LoopbackProxy.this.weather.await();
					if (!replies || !LoopbackProxy.this.weather.losesReplies()) {
						out.write(buffer, 0, count);
					}
				}
			}
			catch (IOException ex) {
				// reset
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				reset();
			}
		}

		void reset() {
			LoopbackProxy.this.links.remove(this);
			abort(this.near);
			abort(this.far);
		}

		private static void abort(Socket socket) {
			try {
				socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// closed already
			}
			finally {
				close(socket);
			}
		}

		private static void close(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// closed already
			}
		}

	}

}
