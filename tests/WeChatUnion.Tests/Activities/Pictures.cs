using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace WeChatUnion.Tests.Activities;

/// <summary>Images to upload, whole and broken.</summary>
internal static class Pictures
{
    /// <summary>Left half red, right half blue.</summary>
    public static byte[] Jpeg(int width = 60, int height = 40) => Encode(width, height, SKEncodedImageFormat.Jpeg);

    public static byte[] Png(int width = 60, int height = 40) => Encode(width, height, SKEncodedImageFormat.Png);

    public static byte[] WebP(int width = 60, int height = 40) => Encode(width, height, SKEncodedImageFormat.Webp);

    /// <summary>A JPEG with an EXIF segment as phones write it: how it was held, and some text.</summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation, string text)
    {
        var words = Encoding.UTF8.GetBytes(text + "\0");
        var tiff = new List<byte>("MM\0*\0\0\0\b"u8.ToArray());
        tiff.AddRange(Entries(2));
        tiff.AddRange([0x01, 0x0E, 0, 2, .. Long(words.Length), .. Long(8 + 2 + 24 + 4)]);
        tiff.AddRange([0x01, 0x12, 0, 3, .. Long(1), (byte)(orientation >> 8), (byte)orientation, 0, 0]);
        tiff.AddRange([0, 0, 0, 0]);
        tiff.AddRange(words);
        byte[] body = [.. "Exif\0\0"u8, .. tiff];
        var length = body.Length + 2;
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. body, .. jpeg[2..]];

        static byte[] Entries(ushort count) => [(byte)(count >> 8), (byte)count];
    }

    /// <summary>A PNG of a hundred bytes that says it has 900 million pixels.</summary>
    public static byte[] Bomb()
    {
        var png = Png(1, 1);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 30_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>A whole PNG of one bit a pixel, all of them black: kilobytes that unfold to as many pixels as told.</summary>
    public static byte[] Blank(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + ((width + 7) / 8)];
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        byte[] head = [.. Long(width), .. Long(height), 1, 0, 0, 0, 0];
        return [.. Png(1, 1)[..8], .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];

        static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
        {
            byte[] body = [.. name, .. content];
            return [.. Long(content.Length), .. body, .. Long((int)Crc(body))];
        }
    }

    /// <summary>The colour at a place, told by its strongest part: r, g or b.</summary>
    public static char ColourAt(byte[] image, int x, int y)
    {
        using var bitmap = SKBitmap.Decode(image);
        var colour = bitmap.GetPixel(x, y);
        return colour.Red > 150 ? 'r' : colour.Blue > 150 ? 'b' : '?';
    }

    private static byte[] Encode(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Red);
            using var blue = new SKPaint { Color = SKColors.Blue };
            canvas.DrawRect(width / 2f, 0, width, height, blue);
        }

        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    private static byte[] Long(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>CRC-32 as PNG uses it (RFC 2083, 15).</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}
