package dev.athanor.domain.readers;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;

/// Tells points on the curve P-256 from other bytes: a key that is none would only show when the
/// first message is to be encrypted for it.
final class P256Point {
  private static final int LENGTH = 65;
  private static final byte UNCOMPRESSED = 4;

  private P256Point() {}

  /// Whether these bytes are an uncompressed point: 4, x, y with y² = x³ + ax + b.
  static boolean isValid(byte[] point) {
    if (point.length != LENGTH || point[0] != UNCOMPRESSED) {
      return false;
    }
    ECParameterSpec curve = curve();
    BigInteger prime = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 33));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 33, LENGTH));
    BigInteger right =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(prime);
    return x.compareTo(prime) < 0 && y.compareTo(prime) < 0 && y.pow(2).mod(prime).equals(right);
  }

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }
}
