export interface PhoneStats {
  packetsReceived: number;
  packetsSent: number;
  packetsLost: number;
  totalAudioEnergy: number;
}

/** What has gone over the line so far, from the browser's own counters. */
export async function collectStats(connection: RTCPeerConnection): Promise<PhoneStats> {
  const stats: PhoneStats = { packetsReceived: 0, packetsSent: 0, packetsLost: 0, totalAudioEnergy: 0 };
  const report = await connection.getStats();
  report.forEach((entry: { type: string } & Partial<PhoneStats>) => {
    if (entry.type === "inbound-rtp") {
      stats.packetsReceived += entry.packetsReceived ?? 0;
      stats.packetsLost += entry.packetsLost ?? 0;
      stats.totalAudioEnergy += entry.totalAudioEnergy ?? 0;
    } else if (entry.type === "outbound-rtp") stats.packetsSent += entry.packetsSent ?? 0;
  });
  return stats;
}
